package faults

import (
	"context"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

func transmitOperations() []*operation {
	add := func(name string, class class, output output, traits trait, good recorded,
		call func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error,
	) *operation {
		return &operation{
			vendor: kyc.Transmit, name: name, class: class, output: output, traits: traits, tokens: true, good: good,
			call: func(ctx context.Context, c any, opts ...kyc.Option) error {
				return call(ctx, c.(*transmit.Client), opts...)
			},
			client: func(opts ...kyc.Option) (any, error) {
				return transmit.NewClient(transmit.Config{ClientID: clientID, ClientSecret: clientSecret, Environment: transmit.ProductionEU}, opts...)
			},
		}
	}
	const session, other = "H1I12oskjzsdhskj4", "DSIDskjzsdhskj42"
	result := func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
		return only(c.Sessions.Result(ctx, session, opts...))
	}
	token := add("Token", safe, decoded, identified, inline(newToken()), result)
	token.token, token.after = true, fixture("transmit/result-pending.json")
	return []*operation{
		token,
		add("Sessions.Create", ifNotProcessed, decoded, identified, created("transmit/session-created.json"), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.Create(ctx, transmit.SessionRequest{State: personNumber, CallbackURL: "https://shop.example/back"}, opts...))
		}),
		add("Sessions.Result", safe, decoded, identified, fixture("transmit/result-complete-allow.json"), result),
		add("Sessions.Delete", safe, ignored, 0, nothing(), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return c.Sessions.Delete(ctx, session, opts...)
		}),
		add("Sessions.Consent", safe, decoded, 0, fixture("transmit/consent-granted.json"), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.Consent(ctx, session, opts...))
		}),
		add("Images.List", safe, decoded, 0, fixture("transmit/images.json"), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return only(c.Images.List(ctx, session, opts...))
		}),
		add("Images.Get", safe, written, typed, bytesOf("image/jpg", "the bytes of "+personName), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return only(c.Images.Get(ctx, session, "image", transmit.ImageRaw, bin(), opts...))
		}),
		add("Images.Add", ifNotProcessed, decoded, identified, created("transmit/image-added-ok.json"), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return only(c.Images.Add(ctx, session, transmit.ImageUpload{Type: transmit.ImageTypeSelfie, File: photo(), ImageID: personNumber}, opts...))
		}),
		add("FaceAuth.Create", ifNotProcessed, decoded, identified, created("transmit/face-auth-created.json"), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return only(c.FaceAuth.Create(ctx, transmit.FaceReference{File: photo()}, opts...))
		}),
		add("FaceAuth.Result", safe, decoded, 0, fixture("transmit/face-auth-complete-allow.json"), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return only(c.FaceAuth.Result(ctx, other, opts...))
		}),
		add("Events.Start", safe, ignored, conflictOK, nothing(), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return c.Events.Start(ctx, opts...)
		}),
		add("Events.Open", safe, ignored, conflictOK, nothing(), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return c.Events.Open(ctx, "stream", transmit.EventStreamRequest{}, opts...)
		}),
		add("Events.Read", ifNotProcessed, decoded, emptyOK|listed|bodiless, inline("[]"), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return drain(c.Events.Read(ctx, "stream", transmit.EventsQuery{}, opts...))
		}),
		add("Events.Close", safe, ignored, 0, nothing(), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return c.Events.Close(ctx, "stream", opts...)
		}),
		add("Events.Stop", safe, ignored, 0, nothing(), func(ctx context.Context, c *transmit.Client, opts ...kyc.Option) error {
			return c.Events.Stop(ctx, opts...)
		}),
	}
}
