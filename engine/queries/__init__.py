"""What can be asked: read only, and only what the actor may see; the rest is not found."""
