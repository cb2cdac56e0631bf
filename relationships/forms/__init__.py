"""The forms of the kernel's pages: they turn input into types; what is allowed is the operations' to say."""
