"""The consultation draft of 2021-04-26: duties, and checks beside their articles."""
