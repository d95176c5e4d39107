"""The REST API, put together from the apps."""
