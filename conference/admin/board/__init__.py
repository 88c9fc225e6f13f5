"""The planning board: a day of the draft as rooms and hours, on which staff place and move sessions."""
