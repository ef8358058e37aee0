"""Review and approval: rounds frozen for those who decide, their links, notes and decisions."""
