// ChurnModel
