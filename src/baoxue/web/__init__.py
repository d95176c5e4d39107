"""Shell, navigation, components, home page."""
