"""baoxue (保学): the system that finds and brings back the children who are not at school."""

__version__ = "0.1.0"
