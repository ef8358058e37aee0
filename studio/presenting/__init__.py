"""Playing a board or a round, and a room that follows who presents it."""
