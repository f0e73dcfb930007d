"""What tests stand on: real databases, a real browser. No test lives here, and nothing pretends."""
