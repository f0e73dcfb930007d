"""What FEEL expressions compute with. Knows neither text nor evaluation."""
