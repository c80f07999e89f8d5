package transmittest

import (
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// Option scripts a server.
type Option func(*config)

type config struct {
	recommendation transmit.Recommendation
	reasons        []string
	status         transmit.SessionStatus
	body           func(sessionID string) []byte
	needs          []transmit.ImageType
	feedback       map[transmit.ImageType][]transmit.Feedback
	customFeedback string
	recaptures     int
	processing     time.Duration
	retention      time.Duration
	createStatus   int
	defaultShape   bool // true: deprecated
	base64         Base64Form
	faceID         FaceID
	face           transmit.Recommendation
	errors         ErrorForm
	eventsPath     string
	eventsResource *string
	tokenLife      time.Duration
	clock          func() time.Time
	seed           uint64
	inMemory       bool
	oversize       int64
	slowPause      time.Duration
	faults         []FaultRule
}

func defaults() config {
	return config{
		recommendation: transmit.RecommendationAllow, face: transmit.RecommendationAllow,
		needs:    []transmit.ImageType{transmit.ImageTypeDocumentFront, transmit.ImageTypeDocumentBack, transmit.ImageTypeSelfie},
		feedback: make(map[transmit.ImageType][]transmit.Feedback), retention: 90 * transmit.Day, createStatus: 200,
		eventsPath: transmit.DefaultEventsPath, clock: time.Now,
	}
}

// Outcome is the verdict of sessions that bring no mock behaviour of their own,
// with reasons. Each reason goes to the check that the vendor documents it for,
// one that no list names to risk_recommendation.
func Outcome(recommendation transmit.Recommendation, reasons ...string) Option {
	return func(c *config) { c.recommendation, c.reasons = recommendation, reasons }
}

// Status makes sessions end in a status in place of a verdict: error, or a word that no list names.
func Status(status transmit.SessionStatus) Option {
	return func(c *config) { c.status = status }
}

// Decision is the script for an outcome in the shared terms; ok is false for
// those that this vendor does not have. A pending session waits for its user
// and stays in its checks then, for a year.
func Decision(d kyc.Decision) (o Option, ok bool) {
	switch d {
	case kyc.Approved:
		return Outcome(transmit.RecommendationAllow), true
	case kyc.Declined:
		return Outcome(transmit.RecommendationDeny), true
	case kyc.Review:
		return Outcome(transmit.RecommendationChallenge), true
	case kyc.Unknown:
		return Outcome("MAYBE"), true
	case kyc.Failed:
		return Status(transmit.SessionStatusError), true
	case kyc.InputRequired:
		return Recaptures(1 << 30), true
	case kyc.Pending:
		return Processing(365 * transmit.Day), true
	case kyc.Expired, kyc.Abandoned:
		return nil, false
	}
	return nil, false
}

// ResultBody makes finished sessions answer with these bytes.
func ResultBody(body func(sessionID string) []byte) Option {
	return func(c *config) { c.body = body }
}

// Needs are the images that a session wants; the front, the back and a selfie
// without this option. A passport has no back.
func Needs(images ...transmit.ImageType) Option {
	return func(c *config) { c.needs = images }
}

// Feedback rejects the first images of a type, one for each word; after them images are accepted.
func Feedback(image transmit.ImageType, feedback ...transmit.Feedback) Option {
	return func(c *config) { c.feedback[image] = append(c.feedback[image], feedback...) }
}

// CustomFeedback is the tenant's text that goes with restricted_criteria.
func CustomFeedback(text string) Option {
	return func(c *config) { c.customFeedback = text }
}

// Recaptures makes the first n checks of each session end in recapture.
func Recaptures(n int) Option {
	return func(c *config) { c.recaptures = n }
}

// Processing is how long the checks take once all images are there; no time without this option.
func Processing(d time.Duration) Option {
	return func(c *config) { c.processing = d }
}

// Retention is how long a session is kept; 90 days without this option, as at
// the vendor. A session's own time_to_live goes before it.
func Retention(d time.Duration) Option {
	return func(c *config) { c.retention = d }
}

// CreateStatus is the status of a successful create: revisions of the vendor's document say 200 and 201.
func CreateStatus(status int) Option {
	return func(c *config) { c.createStatus = status }
}

// DeprecatedByDefault makes a result without the parameter detailed come in the shape that is to be retired.
func DeprecatedByDefault() Option {
	return func(c *config) { c.defaultShape = true }
}

// Base64Form is how an image is sent as base64, which the vendor does not document.
type Base64Form uint8

// The forms.
const (
	// Base64Plain is the text itself.
	Base64Plain Base64Form = iota
	// Base64Quoted is a JSON string.
	Base64Quoted
	// Base64DataURL is a data URL.
	Base64DataURL
)

// Base64 chooses how an image is sent as base64.
func Base64(form Base64Form) Option {
	return func(c *config) { c.base64 = form }
}

// FaceID says which id a face authentication's result is read with, on which the vendor's documents disagree.
type FaceID uint8

// The choices.
const (
	// FaceDeviceID takes the device session id.
	FaceDeviceID FaceID = iota
	// FaceSessionID takes the session id.
	FaceSessionID
)

// FaceResultID chooses which id a face authentication's result is read with.
func FaceResultID(id FaceID) Option {
	return func(c *config) { c.faceID = id }
}

// FaceOutcome is the verdict of face authentications; "" leaves it out.
func FaceOutcome(recommendation transmit.Recommendation) Option {
	return func(c *config) { c.face = recommendation }
}

// EventsPath is where the event stream is.
func EventsPath(path string) Option {
	return func(c *config) { c.eventsPath = path }
}

// EventsResource makes the event stream want a token of this audience, of none with "".
func EventsResource(resource string) Option {
	return func(c *config) { c.eventsResource = &resource }
}

// TokenLifetime is how long an access token lives; an hour without this option.
func TokenLifetime(d time.Duration) Option {
	return func(c *config) { c.tokenLife = d }
}

// Clock is the server's time; that of package time without this option.
func Clock(now func() time.Time) Option {
	return func(c *config) { c.clock = now }
}

// Seed makes the server's ids repeatable.
func Seed(seed uint64) Option {
	return func(c *config) { c.seed = seed }
}

// InMemory serves without a socket, so that server and client fit into a testing/synctest bubble.
func InMemory() Option {
	return func(c *config) { c.inMemory = true }
}
