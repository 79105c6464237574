// ChurnServe
