"""Command units and posts: the steps that plan with places."""
