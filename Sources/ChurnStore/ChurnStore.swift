// ChurnStore
