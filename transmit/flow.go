package transmit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Flow is a verification that the backend drives: it opens the session, adds
// the images and waits for the verdict, with no front end of the vendor.
type Flow struct {
	// Session is what to open. Start and its consent are set from Consent where they are nil.
	Session SessionRequest
	// Consent is what the user agreed to. The vendor wants it from every caller that shows no page of the vendor's; it
	// must be granted. It may stand in Session.Start instead.
	Consent Consent
	// Existing goes on with a session that was opened before, with Start: nothing is opened then, and only the images
	// that it still lacks are asked for.
	Existing *Session
	// Capture gets an image from the user. It is asked again for an image that was rejected. Its error ends the flow
	// and is returned as it is.
	Capture func(ctx context.Context, want Want) (ImageUpload, error)
	// MaxCaptures bounds how often one image is asked for until it is taken; 5 where it is zero.
	MaxCaptures int
	// MaxRecaptures bounds how often the session may ask for new images after its checks; 2 where it is zero, none where
	// it is negative.
	MaxRecaptures int
	// MinPoll and MaxPoll bound the growing pause between two looks at the state; 1 s and 5 s where they are zero.
	MinPoll, MaxPoll time.Duration
	// RecaptureGrace is how long after new images the state may go on to say recapture before that counts as a wish for
	// others: the vendor does not say when the state moves on. 10 s where it is zero, at most half the Budget, and none
	// where it is negative. Another state in between ends it.
	RecaptureGrace time.Duration
	// Budget bounds each wait for the checks; 10 minutes where it is zero. The vendor claims under ten seconds.
	Budget time.Duration
}

// Want is an image that the session needs.
type Want struct {
	// SessionID is the session.
	SessionID string
	// Image says what the image is to show. It may be a word that no list names.
	Image ImageType
	// Attempt counts the captures of this image from 1, anew after a recapture.
	Attempt int
	// Feedback says what was wrong with the last one, "" at first; CustomFeedback is the tenant's own text for it.
	Feedback       Feedback
	CustomFeedback string
	// Recapture counts how often the session asked for new images after its checks.
	Recapture int
}

// Upload is an image that was sent, and what the vendor said of it.
type Upload struct {
	// Image says what the image shows.
	Image ImageType
	// ImageID is the caller's own id of it.
	ImageID string
	// Receipt is the vendor's answer.
	Receipt *ImageReceipt
}

// Outcome is how far a flow came.
type Outcome struct {
	// Session is the session. Keep its id, also after an error: the session was paid for.
	Session *Session
	// Uploads are the images that were sent, rejected ones included, in their order.
	Uploads []Upload
	// Recaptures counts how often the session asked for new images after its checks.
	Recaptures int
	// Result is the last state read; nil where the flow did not come so far.
	Result *Result
	// Verdict is Result in the shared terms.
	Verdict *kyc.Result
}

// RejectedError ends a flow whose image was not taken however often it was
// captured. The calls succeeded: this is about the image.
type RejectedError struct {
	// Image says which image.
	Image ImageType
	// Feedback is the vendor's last word on it, and CustomFeedback the tenant's.
	Feedback       Feedback
	CustomFeedback string
	// Captures counts how often it was tried.
	Captures int
}

// Error names image and feedback, as far as they are words of the vendor's lists.
func (e *RejectedError) Error() string { return e.text() }

func (e RejectedError) text() string {
	image, feedback := "image", "an unlisted reason"
	if e.Image.Known() {
		image = string(e.Image)
	}
	if e.Feedback.Known() {
		feedback = string(e.Feedback)
	}
	return fmt.Sprintf("transmit: %s was not taken after %d captures: %s", image, e.Captures, feedback)
}

// Verify runs a flow to its end: a complete session, one that failed, or one
// that still wants new images when MaxRecaptures is spent. All three are
// outcomes without an error; [Outcome].Verdict tells which.
//
// An error is a [*RejectedError] where an image was not taken, what Capture
// returned, or the fault of a call. The Outcome beside it is not nil once there
// is a session; put its Session into Existing to go on.
//
// That images are added so, that the checks begin by themselves with the last
// image, and what follows a recapture are inferred from the vendor's guides.
//
// Session.MockBehavior is for tests: nothing in the result of a mocked session
// tells it from a real one, here or in a later Fetch.
func (c *Client) Verify(ctx context.Context, flow Flow, opts ...kyc.Option) (*Outcome, error) {
	if err := flow.prepare(); err != nil {
		return nil, err
	}
	if err := c.http.Settings(opts...).CheckOverrides(kyc.Transmit, overridable); err != nil {
		return nil, err
	}
	out := &Outcome{Session: flow.Existing}
	if out.Session == nil {
		session, err := c.Sessions.Create(ctx, flow.Session, opts...)
		if err != nil {
			return nil, err
		}
		out.Session = session
	}
	run := &flowRun{client: c, flow: flow, out: out, opts: opts}
	missing, err := run.begin(ctx)
	if err != nil {
		return out, err
	}
	for {
		if err := run.collect(ctx, missing); err != nil {
			return out, err
		}
		if err := run.wait(ctx); err != nil {
			return out, err
		}
		if out.Result.Status != SessionStatusRecapture || out.Recaptures >= flow.MaxRecaptures {
			return out, nil
		}
		out.Recaptures++
		if missing, _, err = run.rejected(ctx); err != nil {
			return out, err
		}
	}
}

// prepare checks the flow and fills in its defaults.
func (f *Flow) prepare() error {
	const operation = "flow"
	if f.Capture == nil {
		return kyc.Invalid(kyc.Transmit, operation, "Capture is nil")
	}
	if f.MaxCaptures < 0 || f.MinPoll < 0 || f.MaxPoll < 0 || f.Budget < 0 {
		return kyc.Invalid(kyc.Transmit, operation, "a bound is negative")
	}
	if f.Existing != nil {
		if f.Existing.SessionID == "" {
			return kyc.Invalid(kyc.Transmit, operation, "Existing has no session id")
		}
	} else if err := f.consent(operation); err != nil {
		return err
	}
	if f.MaxCaptures == 0 {
		f.MaxCaptures = 5
	}
	if f.MaxRecaptures == 0 {
		f.MaxRecaptures = 2
	}
	if f.MinPoll == 0 {
		f.MinPoll = time.Second
	}
	if f.MaxPoll == 0 {
		f.MaxPoll = 5 * time.Second
	}
	f.MaxPoll = max(f.MaxPoll, f.MinPoll)
	if f.Budget == 0 {
		f.Budget = 10 * time.Minute
	}
	if f.RecaptureGrace == 0 {
		f.RecaptureGrace = 10 * time.Second
	}
	f.RecaptureGrace = min(f.RecaptureGrace, f.Budget/2)
	return nil
}

// consent puts the user's consent into the request, which must not go out without one that is granted.
func (f *Flow) consent(operation string) error {
	var start SessionStart // a copy: the caller's stays as it is
	if f.Session.Start != nil {
		start = *f.Session.Start
	}
	own := f.Consent.Granted || f.Consent.DocumentID != ""
	switch {
	case start.Consent == nil:
		consent := f.Consent
		start.Consent = &consent
	case own && (start.Consent.Granted != f.Consent.Granted || start.Consent.DocumentID != f.Consent.DocumentID):
		return kyc.Invalid(kyc.Transmit, operation, "Consent and the consent in Session.Start are not the same")
	}
	if !start.Consent.Granted || start.Consent.DocumentID == "" {
		return kyc.Invalid(kyc.Transmit, operation, "the user's consent is missing or not granted: set Consent")
	}
	f.Session.Start = &start
	return nil
}

type flowRun struct {
	client *Client
	flow   Flow
	out    *Outcome
	opts   []kyc.Option
}

// begin tells which images a session needs first. One that was opened before may have some or all of them.
func (r *flowRun) begin(ctx context.Context) ([]ImageType, error) {
	needs := r.out.Session.MissingImages
	if needs == nil {
		needs = ImageType("").Values()
	}
	if r.flow.Existing == nil {
		return needs, nil
	}
	if err := r.look(ctx); err != nil {
		return nil, err
	}
	switch r.out.Result.Status {
	case SessionStatusRecapture:
		images, certain, err := r.rejected(ctx)
		if err != nil || certain {
			return images, err
		}
		// None is rejected: an earlier run may have added them a moment ago, and the state may lag behind.
		if err := r.wait(ctx); err != nil || r.out.Result.Status != SessionStatusRecapture {
			return nil, err
		}
		return images, nil
	case SessionStatusPending, SessionStatusCapturing:
		list, err := r.client.Images.List(ctx, r.out.Session.SessionID, r.opts...)
		if err != nil {
			return nil, err
		}
		_, good := sorted(list)
		return slices.DeleteFunc(slices.Clone(needs), func(t ImageType) bool { return slices.Contains(good, t) }), nil
	default:
		return nil, nil
	}
}

// look reads the state.
func (r *flowRun) look(ctx context.Context) error {
	result, err := r.client.Sessions.Result(ctx, r.out.Session.SessionID, r.opts...)
	if err != nil {
		return err
	}
	r.out.Result = result
	r.out.Verdict = normalise(result, r.client.http.Settings(r.opts...))
	r.out.Verdict.Ref = kyc.Ref{Vendor: kyc.Transmit, Session: r.out.Session.SessionID}
	return nil
}

// collect adds images until the vendor has all. What is missing is read anew from each answer: a passport
// needs no back side, and one image can make another one necessary again.
func (r *flowRun) collect(ctx context.Context, missing []ImageType) error {
	captures := make(map[ImageType]int)
	said := make(map[ImageType]*ImageReceipt)
	for len(missing) > 0 {
		image := missing[0]
		want := Want{SessionID: r.out.Session.SessionID, Image: image, Recapture: r.out.Recaptures}
		if last := said[image]; last != nil {
			want.Feedback, want.CustomFeedback = last.Feedback, last.CustomFeedback
		}
		if captures[image] >= r.flow.MaxCaptures {
			return &RejectedError{Image: image, Feedback: want.Feedback, CustomFeedback: want.CustomFeedback, Captures: captures[image]}
		}
		captures[image]++
		want.Attempt = captures[image]
		upload, err := r.flow.Capture(ctx, want)
		if err != nil {
			return err
		}
		if upload.Type == "" {
			upload.Type = image
		}
		receipt, err := r.client.Images.Add(ctx, r.out.Session.SessionID, upload, r.opts...)
		if err != nil {
			return err
		}
		said[image] = receipt
		r.out.Uploads = append(r.out.Uploads, Upload{Image: upload.Type, ImageID: upload.ImageID, Receipt: receipt})
		if receipt.Complete != nil && *receipt.Complete {
			return nil
		}
		switch {
		case len(receipt.MissingImages) > 0:
			missing = receipt.MissingImages
		case receipt.Accepted():
			// Nothing is missing in the vendor's eyes, yet not all is there: what was asked for and not sent comes next.
			missing = slices.DeleteFunc(slices.Clone(missing), func(t ImageType) bool { return t == image })
		}
	}
	return nil
}

// wait looks at the state until it is one to act on.
func (r *flowRun) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.flow.Budget)
	defer cancel()
	// The recapture that the new images answer may still be told: asking the user again for that would be in vain.
	old := r.out.Result != nil && r.out.Result.Status == SessionStatusRecapture
	grace := time.Now().Add(r.flow.RecaptureGrace)
	for every := r.flow.MinPoll; ; every = min(every+every/2, r.flow.MaxPoll) {
		if err := r.look(ctx); err != nil {
			return err
		}
		next := every
		switch r.out.Result.Status {
		case SessionStatusComplete, SessionStatusError:
			return nil
		case SessionStatusRecapture:
			left := time.Until(grace)
			if !old || left <= 0 {
				return nil
			}
			next = min(next, left)
		default:
			old = false
		}
		// A status that no list names may pass; it is named when the budget ends.
		if err := pause(ctx, next); err != nil {
			return &kyc.Error{
				Vendor: kyc.Transmit, Operation: "flow", Code: string(r.out.Result.Status), Err: err,
				Detail: "the session was not finished when the wait ended; its id is in the Outcome",
			}
		}
	}
}

// rejected finds out which images a recapture is about: those of which no usable one is there, else all. It is certain
// unless there are usable ones of every kind.
func (r *flowRun) rejected(ctx context.Context) (types []ImageType, certain bool, err error) {
	list, err := r.client.Images.List(ctx, r.out.Session.SessionID, r.opts...)
	if err != nil {
		return nil, false, err
	}
	bad, good := sorted(list)
	bad = slices.DeleteFunc(bad, func(t ImageType) bool { return slices.Contains(good, t) })
	certain = len(bad) > 0 || len(good) == 0
	if len(bad) == 0 {
		bad = good
		for _, u := range r.out.Uploads {
			bad = append(bad, u.Image)
		}
	}
	if len(bad) == 0 {
		return ImageType("").Values(), certain, nil
	}
	for _, t := range bad {
		if !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types, certain, nil
}

// sorted tells of which types a session has images that were rejected, and of which it has usable ones. Copies
// that the vendor refined say nothing.
func sorted(list *SessionImages) (bad, good []ImageType) {
	for _, image := range list.SessionImages {
		switch {
		case image.Type == "" || (image.Original != nil && !*image.Original):
		case image.Rejected != nil && *image.Rejected:
			bad = append(bad, image.Type)
		default:
			good = append(good, image.Type)
		}
	}
	return bad, good
}
