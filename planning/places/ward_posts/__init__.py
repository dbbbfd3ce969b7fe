"""Officers for wards: rules that give posts, how sure each post is, and why it is there."""
