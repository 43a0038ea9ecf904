"""The trail: who did what to which object, and when. It is only ever added to."""
