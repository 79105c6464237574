// ChurnTesting
