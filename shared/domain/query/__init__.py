"""Ask your data: question to plan, plan to GoogleSQL, result to answer."""
