package transmit

import (
	"context"
	"errors"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// FaceAuthService compares a selfie, taken by the vendor's client SDK, with a
// reference image of the person.
type FaceAuthService struct{ client *Client }

// FaceReference is the face to compare with: the selfie of a finished
// verification, for example (see [ImagesService.List]).
type FaceReference struct {
	// File is a JPEG of known length, best near 1900 by 1000 pixels.
	File kyc.File
	// UseCase says what the authentication is for; the vendor takes login where it is empty.
	UseCase FaceAuthUseCase
}

// Create opens a face authentication against a reference image, whose base64
// form is produced while it is sent. Hand DeviceSessionID of the answer to the
// client SDK. As for a session, the call is repeated only where the vendor surely
// did nothing.
func (s *FaceAuthService) Create(ctx context.Context, ref FaceReference, opts ...kyc.Option) (*FaceAuthSession, error) {
	op := create("faceauth.create")
	if err := checkFile(op.Name, ref.File); err != nil {
		return nil, err
	}
	if err := checkJPEG(op.Name, ref.File, false); err != nil {
		return nil, err
	}
	body, err := base64Body(op.Name, ref.File, func(content string) any {
		return FaceAuthRequest{Reference: RawImage{Type: RawImageTypeRaw, Content: content, DataFormat: FormatJPG}, UseCase: ref.UseCase}
	})
	if err != nil {
		return nil, err
	}
	out := new(FaceAuthSession)
	answer, err := s.client.send(ctx, transport.Call{Operation: op, Method: http.MethodPost, Body: body, Out: out}, "/face-auth", nil, opts)
	if err != nil {
		return nil, err
	}
	if out.SessionID == "" && out.DeviceSessionID == "" {
		return nil, answer.Malformed(kyc.Transmit, op.Name, "the answer names no session; one may have been opened")
	}
	return out, nil
}

// Result reads state and, once complete, verdict of a face authentication.
// Sources disagree on which of the two ids it takes: the path's name says the
// session id, its parameter and the vendor's sample say the device session id.
// [FaceAuthService.ResultOf] tries both.
func (s *FaceAuthService) Result(ctx context.Context, id string, opts ...kyc.Option) (*FaceAuthResult, error) {
	out := new(FaceAuthResult)
	call := transport.Call{Operation: safe("faceauth.result"), Method: http.MethodGet, Out: out}
	if _, err := s.client.send(ctx, call, "/face-auth/{}/result", []string{id}, opts); err != nil {
		return nil, err
	}
	return out, nil
}

// ResultOf is Result with the device session id and, where the vendor does not
// know that, with the session id.
func (s *FaceAuthService) ResultOf(ctx context.Context, session *FaceAuthSession, opts ...kyc.Option) (*FaceAuthResult, error) {
	if session == nil || (session.DeviceSessionID == "" && session.SessionID == "") {
		return nil, kyc.Invalid(kyc.Transmit, "faceauth.result", "no session")
	}
	if session.DeviceSessionID == "" {
		return s.Result(ctx, session.SessionID, opts...)
	}
	out, err := s.Result(ctx, session.DeviceSessionID, opts...)
	if session.SessionID == "" || (!errors.Is(err, kyc.ErrNotFound) && !errors.Is(err, kyc.ErrInvalid)) {
		return out, err
	}
	second, again := s.Result(ctx, session.SessionID, opts...)
	if again != nil {
		return nil, err
	}
	return second, nil
}

// Decision is the verdict by the same table as a verification's, under the
// overrides of the client that received it and of opts. The result of a document
// verification, and a status that is none of [FaceAuthStatus], give Unknown.
func (r *FaceAuthResult) Decision(opts ...kyc.Option) kyc.Decision {
	if r.ofDocument() {
		return kyc.Unknown
	}
	out := new(kyc.Result)
	r.decide(out, r.Settings(opts...))
	return out.Decision
}

// documentMembers are those of a document verification's result that no face authentication has.
var documentMembers = append([]string{"session_id", "additional_info", "verification_images", riskDetails}, shapeMembers...)

// ofDocument tells whether this is the result of a document verification, which has the same words for its verdict.
func (r *FaceAuthResult) ofDocument() bool {
	for member := range r.Extra {
		if spells(member, documentMembers) {
			return true
		}
	}
	return false
}

// decide sets Decision, Status and Ended. Which session it is about cannot be asked: the vendor's answer does not tell.
func (r *FaceAuthResult) decide(out *kyc.Result, settings kyc.Settings) {
	answer{status: string(r.Status), recommendation: string(r.Recommendation), table: faceTable, hindered: func(out *kyc.Result) bool {
		before := len(out.Evidence)
		citeSpellings(out, r.Extra, []string{"status", "recommendation"})
		return len(out.Evidence) > before
	}}.decide(out, settings)
}
