package transmit

// The vendor answers in one of three shapes and does not say in which. The
// methods below tell from what is there.

// shapeMembers are the members that make one of the two finished shapes.
var shapeMembers = []string{"checks", "person", "document", "verified_info", "extracted_info", "rejection_description"}

// Complete tells whether r is a finished session in the current shape: the
// status says so, and checks, person or document are there. A member of another
// JSON type than the documented one does not count.
func (r *Result) Complete() bool {
	return r.Status == SessionStatusComplete && r.current()
}

// Deprecated tells whether r is a finished session in the shape that is to be
// retired: the status says so, and verified_info, extracted_info or
// rejection_description are there, without anything of the current shape. An
// unfinished session looks the same in both and is not deprecated.
func (r *Result) Deprecated() bool {
	return r.Status == SessionStatusComplete && !r.current() &&
		(r.VerifiedInfo != nil || r.ExtractedInfo != nil || r.RejectionDescription != nil)
}

// Incomplete tells whether r has one of the statuses that come without a
// verdict. For a status that no list names it is false, as are the others.
func (r *Result) Incomplete() bool {
	return r.Status != SessionStatusComplete && r.Status.Known()
}

// Running tells whether the vendor may still change r by itself: the session
// waits to be started, for images, or for its checks.
func (r *Result) Running() bool {
	switch r.Status {
	case SessionStatusPending, SessionStatusCapturing, SessionStatusProcessing:
		return true
	default:
		return false
	}
}

func (r *Result) current() bool {
	return r.Checks != nil || r.Person != nil || r.Document != nil
}
