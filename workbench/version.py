"""The version of the program, in a place that everything may import."""

VERSION = "0.1.0"
