"""What the bot does with an update: read it, decide, and leave in one commit."""
