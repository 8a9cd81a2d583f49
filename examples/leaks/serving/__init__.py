"""What all services of this folder share: a server that answers, stock that fills the heap, and an end."""
