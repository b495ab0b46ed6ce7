"""What was bought: one line for each receipt, return or movement; all measuring reads only it."""
