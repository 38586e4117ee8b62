"""What the service says of itself: descriptions, dumps, and a check from outside."""
