"""Where the kernel runs besides this process: one file an engine. Rows stay there; sums come here, and are the same."""
