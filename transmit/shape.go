package transmit

import "slices"

// The vendor answers in one of three shapes and does not say in which. The
// methods below tell from what is there.

// Complete tells whether r is a finished session in the current shape: the
// status says so, and checks, person or document are there.
func (r *Result) Complete() bool {
	return r.Status == SessionStatusComplete && r.current()
}

// Deprecated tells whether r is a finished session in the shape that is to be
// retired: the status says so, and verified_info, extracted_info or
// rejection_description are there, without anything of the current shape. An
// unfinished session looks the same in both and is not deprecated.
func (r *Result) Deprecated() bool {
	return r.Status == SessionStatusComplete && !r.current() &&
		(r.VerifiedInfo != nil || r.ExtractedInfo != nil || r.RejectionDescription != nil ||
			r.mistyped("verified_info", "extracted_info", "rejection_description"))
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
	return r.Checks != nil || r.Person != nil || r.Document != nil || r.mistyped("checks", "person", "document")
}

// mistyped tells whether a member is there with a JSON type that could not be decoded.
func (r *Result) mistyped(names ...string) bool {
	bad := r.Mismatches()
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(bad, "/"+name) })
}
