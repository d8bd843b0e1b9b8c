"""Native engines in processes of their own: one that aborts, hangs or leaks takes a sentence with it, never a call."""
