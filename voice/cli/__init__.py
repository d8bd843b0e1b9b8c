"""The subcommands of `dauys`, one module each."""
