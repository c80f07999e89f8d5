package faults

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"sync"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// A short key: the matrix signs some ten thousand times.
var yotiKey = sync.OnceValue(func() []byte {
	key := must(rsa.GenerateKey(rand.Reader, 1024))
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
})

// yotiClient signs every call and has no state, so one serves all cells; each call brings its transport.
var yotiClient = sync.OnceValues(func() (*yoti.Client, error) {
	return yoti.NewClient(yoti.Config{SDKID: clientID, PrivateKey: yotiKey(), BaseURL: yoti.SandboxURL})
})

func yotiOperations() []*operation {
	// A result of another session is refused, so the one that is asked for is that of the fixtures.
	const session, other, recordedSession = "b9fa0c30-session", "b9fa0c30-other", "<uuid>"
	add := func(name string, class class, output output, traits trait, good recorded,
		call func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error,
	) *operation {
		return &operation{
			vendor: kyc.Yoti, name: name, class: class, output: output, traits: traits | ownToken | signed, good: good,
			call: func(ctx context.Context, c any, opts ...kyc.Option) error {
				return call(ctx, c.(*yoti.Client), opts...)
			},
			client: func(...kyc.Option) (any, error) { return yotiClient() },
		}
	}
	get := func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
		return only(c.Sessions.Get(ctx, recordedSession, opts...))
	}
	create := func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
		req := yoti.DefaultSession()
		req.UserTrackingID = personNumber
		return only(c.Sessions.Create(ctx, req, opts...))
	}
	bearer := func(op *operation) *operation {
		op.tokens, op.traits = true, op.traits&^(ownToken|signed)
		op.client = func(opts ...kyc.Option) (any, error) {
			return yoti.NewClient(yoti.Config{
				SDKID: clientID, PrivateKey: yotiKey(), BaseURL: yoti.SandboxURL, Bearer: &yoti.Bearer{Scopes: []string{"idv:sessions"}},
			}, opts...)
		}
		return op
	}
	token := bearer(add("Token", safe, decoded, identified, inline(newToken()), get))
	token.token, token.after = true, fixture("yoti/session-recorded.json")
	withToken := bearer(add("Sessions.Create by token", ifNotProcessed, decoded, identified, created("yoti/created-session.json"), create))
	readByToken := bearer(add("Sessions.Get by token", safe, decoded, 0, fixture("yoti/session-recorded.json"), get))
	withToken.extra, readByToken.extra = true, true
	face := yoti.FaceImage{Data: "aGVsbG8="}
	return []*operation{
		token, withToken, readByToken,
		add("Sessions.Create", ifNotProcessed, decoded, identified, created("yoti/created-session.json"), create),
		add("Sessions.Get", safe, decoded, 0, fixture("yoti/session-recorded.json"), get),
		add("Sessions.Delete", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Sessions.Delete(ctx, session, opts...)
		}),
		add("Sessions.Configuration", safe, decoded, 0, fixture("yoti/configuration-full.json"), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Sessions.Configuration(ctx, session, opts...))
		}),
		add("Media.Get", safe, written, 0, bytesOf("image/jpeg", "the bytes of "+personName), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Media.Get(ctx, session, other, bin(), opts...))
		}),
		add("Media.Delete", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Media.Delete(ctx, session, other, opts...)
		}),
		add("SupportedDocuments.Get", safe, decoded, 0, fixture("yoti/supported-documents.json"), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.SupportedDocuments.Get(ctx, yoti.SupportedDocumentsRequest{}, opts...))
		}),
		add("Resources.CreateFaceCapture", ifNotProcessed, decoded, 0, inline(`{"id":"resource-4711","frames":1}`), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Resources.CreateFaceCapture(ctx, session, yoti.FaceCaptureRequest{RequirementID: other}, opts...))
		}),
		add("Resources.UploadFaceCapture", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Resources.UploadFaceCapture(ctx, session, other, photo(), opts...)
		}),
		add("Resources.UseApplicant", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Resources.UseApplicant(ctx, session, other, yoti.ApplicantReference{ApplicantID: personNumber}, opts...)
		}),
		add("Instructions.Put", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Instructions.Put(ctx, session, yoti.InstructionsRequest{ContactProfile: &yoti.ContactProfileRequest{FirstName: personName}}, opts...)
		}),
		add("Instructions.Get", safe, decoded, 0, fixture("yoti/instructions.json"), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Instructions.Get(ctx, session, opts...))
		}),
		add("Instructions.PDF", safe, written, 0, bytesOf("application/pdf", "%PDF-1.7 of "+personName), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Instructions.PDF(ctx, session, bin(), opts...))
		}),
		add("Instructions.ContactProfile", safe, decoded, 0, fixture("yoti/contact-profile.json"), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Instructions.ContactProfile(ctx, session, opts...))
		}),
		add("Instructions.SendEmail", ifNotProcessed, ignored, bodiless, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Instructions.SendEmail(ctx, session, opts...)
		}),
		add("Instructions.PostOffices", safe, decoded, 0, fixture("yoti/post-offices.json"), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Instructions.PostOffices(ctx, yoti.PostOfficeSearch{SearchString: personNumber}, opts...))
		}),
		add("Devices.List", safe, decoded, listed, inline(`[{"event":"RESOURCE_CREATED","device":{"ip_address":"2001:db8::1234"}}]`), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return drain(c.Devices.List(ctx, session, opts...))
		}),
		add("Devices.Delete", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Devices.Delete(ctx, session, opts...)
		}),
		add("Applicants.Create", ifNotProcessed, decoded, 0, inline(`{"id":"applicant-4711"}`), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Applicants.Create(ctx, yoti.ApplicantRequest{Face: &face}, opts...))
		}),
		add("Applicants.Get", safe, decoded, second, inline(`{"id":"applicant-4711"}`), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Applicants.Get(ctx, other, opts...))
		}),
		add("Applicants.Delete", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Applicants.Delete(ctx, other, opts...)
		}),
		add("Applicants.AddFace", ifNotProcessed, decoded, 0, inline(`{"id":"face-4711"}`), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Applicants.AddFace(ctx, other, yoti.FaceRequest{Face: face}, opts...))
		}),
		add("Applicants.Face", safe, decoded, second, inline(`{"face":{"data":"aGVsbG8gV2lsaGVsbWluYQ=="}}`), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Applicants.Face(ctx, other, session, opts...))
		}),
		add("Applicants.DeleteFace", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Applicants.DeleteFace(ctx, other, session, opts...)
		}),
		add("Pools.Create", ifNotProcessed, decoded, 0, inline(`{"id":"pool-4711"}`), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return only(c.Pools.Create(ctx, yoti.PoolRequest{Label: personName}, opts...))
		}),
		add("Pools.Delete", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Pools.Delete(ctx, other, opts...)
		}),
		add("Pools.AddApplicant", ifNotProcessed, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Pools.AddApplicant(ctx, other, yoti.ApplicantReference{ApplicantID: personNumber}, opts...)
		}),
		add("Pools.RemoveApplicant", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Pools.RemoveApplicant(ctx, other, session, opts...)
		}),
		add("Sandbox.Configure", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Sandbox.Configure(ctx, session, yoti.ResponseConfig{}, opts...)
		}),
		add("Sandbox.ConfigureApplication", safe, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Sandbox.ConfigureApplication(ctx, yoti.ResponseConfig{}, opts...)
		}),
		add("Sandbox.RunAgent", ifNotProcessed, ignored, 0, nothing(), func(ctx context.Context, c *yoti.Client, opts ...kyc.Option) error {
			return c.Sandbox.RunAgent(ctx, yoti.AgentRequest{SessionID: session, ClientSessionToken: tokenText}, opts...)
		}),
	}
}
