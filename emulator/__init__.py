"""The local cloud: MiniStack, started in this process, with corrections where its answers differ from AWS."""
