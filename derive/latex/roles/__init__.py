"""What each letter is: function, tensor, size or number, by where it stands."""
