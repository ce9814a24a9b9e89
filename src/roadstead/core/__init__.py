"""What every package needs and no domain owns: errors, ids, time, paging, secrets, page helpers."""
