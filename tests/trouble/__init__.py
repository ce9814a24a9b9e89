"""Stories of what goes wrong with instances on machines, on a real engine: what people see, what they can do, and what is left."""
