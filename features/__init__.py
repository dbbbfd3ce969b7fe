"""What a model may see: dense, labelled arrays that know when each value became known."""
