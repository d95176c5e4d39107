"""Notices: what people are told without having asked, in the system and by mail or group message."""
