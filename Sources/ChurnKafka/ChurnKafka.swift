// ChurnKafka
