"""What held and what drifted: markers judged take by take."""
