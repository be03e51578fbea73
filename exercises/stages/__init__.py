"""What the checks of several blanks share: stages to run a student's lines on, and ways to look at what they made."""
