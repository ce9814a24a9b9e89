"""What companies install Roadstead with: the chart, the compose file, the image."""
