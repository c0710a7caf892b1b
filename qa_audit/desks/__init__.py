"""Where people act: each desk composes what one kind of work needs of a workspace."""
