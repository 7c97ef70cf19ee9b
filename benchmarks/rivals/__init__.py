"""Other people's tools doing the same work, in an environment of their own: their pins do not fit beside ours."""
