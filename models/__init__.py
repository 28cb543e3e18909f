"""The learned parts: network, characters, labels, the runtime that reads with shipped weights."""
