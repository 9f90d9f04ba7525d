"""A rep's weeks: gathering, planning, versions, publishing, agreements, and the runs that plan."""
