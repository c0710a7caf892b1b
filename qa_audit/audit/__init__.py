"""What people decide about calls: events that are only ever appended, and sheets that follow from them."""
