package faults

import (
	"context"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func diditOperations() []*operation {
	const session = "11111111-2222-3333-4444-555555555555"
	add := func(name string, class class, output output, traits trait, good recorded,
		call func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error,
	) *operation {
		return &operation{
			vendor: kyc.Didit, name: name, class: class, output: output, traits: traits, good: good,
			call: func(ctx context.Context, c any, opts ...kyc.Option) error {
				return call(ctx, c.(*didit.Client), opts...)
			},
			client: func(opts ...kyc.Option) (any, error) {
				return didit.NewClient(didit.Config{APIKey: clientSecret, Workflow: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}, opts...)
			},
		}
	}
	media := add("Media.Download", safe, written, ownToken|follows, bytesOf("image/jpeg", "the bytes of "+personName), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		return only(c.Media.Download(ctx, "https://media.didit.example/portrait.jpg?signature="+tokenText, bin(), opts...))
	})
	raw := add("Do", ifNotProcessed, decoded, ownToken|emptyOK, inline(`{"name":"`+personName+`"}`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
		var out map[string]any
		return c.Do(ctx, http.MethodPost, "/v3/unheard-of/", map[string]string{"name": personName}, &out, opts...)
	})
	raw.extra = true
	id := func(text string) recorded { return inline(`{"session_id":"` + session + `",` + text + `}`) }
	all := []*operation{
		media, raw,
		add("Sessions.Create", ifNotProcessed, decoded, identified, created("didit/session-created.json"), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.Create(ctx, didit.SessionRequest{VendorData: "onboarding-42"}, opts...))
		}),
		add("Sessions.Decision", safe, decoded, identified, fixture("didit/decision-user.json"), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			var d didit.Decision
			if err := kyc.Unmarshal(fixture("didit/decision-user.json").body(), &d); err != nil {
				return err
			}
			return only(c.Sessions.Decision(ctx, d.SessionID, append(opts, didit.WithAnyID())...))
		}),
		add("Sessions.List", safe, decoded, listed, fixture("didit/list-sessions-empty.json"), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return drain(c.Sessions.List(ctx, didit.ListOptions{Search: personName}, opts...))
		}),
		add("Sessions.UpdateStatus", ifNotProcessed, decoded, 0, id(`"comment":"`+personName+`"`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.UpdateStatus(ctx, session, didit.StatusRequest{NewStatus: didit.StatusDeclined, Comment: personName}, opts...))
		}),
		add("Sessions.Resubmit", ifNotProcessed, decoded, 0, id(`"comment":"`+personName+`"`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.Resubmit(ctx, session, didit.StatusRequest{Comment: personName}, opts...))
		}),
		add("Sessions.UpdateFeatureStatus", safe, decoded, 0, id(`"node_id":"default"`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.UpdateFeatureStatus(ctx, session, didit.DefaultNode, didit.FeatureStatusRequest{NewStatus: didit.FeatureStatusDeclined, Comment: personName}, opts...))
		}),
		add("Sessions.UpdateAMLHitStatus", safe, decoded, 0, inline(`{"message":"done for `+personName+`"}`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.UpdateAMLHitStatus(ctx, session, didit.HitReviewRequest{HitID: personNumber, ReviewStatus: didit.AMLReviewStatusFalsePositive}, opts...))
		}),
		add("Sessions.UpdateAMLHitStatuses", safe, decoded, 0, inline(`{"message":"done for `+personName+`"}`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.UpdateAMLHitStatuses(ctx, session, didit.HitReviewsRequest{HitUpdates: []didit.HitUpdate{
				{HitID: personNumber, ReviewStatus: didit.AMLReviewStatusFalsePositive},
			}}, opts...))
		}),
		add("Sessions.UpdateIDData", safe, decoded, 0, inline(`{"first_name":"`+personName+`"}`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.UpdateIDData(ctx, session, didit.IDData{DocumentNumber: personNumber}, opts...))
		}),
		add("Sessions.UpdatePOAData", safe, decoded, 0, inline(`{"issuer":"`+personName+`"}`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.UpdatePOAData(ctx, session, didit.POAData{IssuingState: "ESP"}, opts...))
		}),
		add("Sessions.UpdateCompanyData", safe, decoded, 0, inline(`{"company_name":"`+personName+`"}`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.UpdateCompanyData(ctx, session, session, didit.CompanyData{CompanyName: personName}, opts...))
		}),
		add("Sessions.Delete", safe, decoded, emptyOK, nothing(), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.Delete(ctx, session, didit.DeleteRequest{}, opts...))
		}),
		add("Sessions.DeleteMany", safe, decoded, emptyOK, nothing(), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.DeleteMany(ctx, didit.DeleteSessionsRequest{SessionNumbers: []string{"43762"}}, opts...))
		}),
		add("Sessions.Reviews", safe, decoded, listed, fixture("didit/list-reviews-one.json"), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return drain(c.Sessions.Reviews(ctx, session, opts...))
		}),
		add("Sessions.AddReview", ifNotProcessed, decoded, 0, inline(`{"comment":"`+personName+`"}`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.AddReview(ctx, session, didit.ReviewRequest{Comment: personName}, opts...))
		}),
		add("Sessions.PDF", safe, written, typed, bytesOf("application/pdf", "%PDF-1.7 of "+personName), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.PDF(ctx, session, bin(), opts...))
		}),
		add("Sessions.Share", ifNotProcessed, decoded, identified, fixture("didit/share-user.json"), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.Share(ctx, session, didit.ShareRequest{ForApplicationID: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}, opts...))
		}),
		add("Sessions.ImportShared", ifNotProcessed, decoded, identified, fixture("didit/decision-user.json"), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.ImportShared(ctx, didit.ImportSharedRequest{ShareToken: tokenText, VendorData: "11111111-1111-1111-1111-111111111111"}, opts...))
		}),
		add("Sessions.StartImport", ifNotProcessed, decoded, 0, created("didit/import-job-pending.json"), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.StartImport(ctx, didit.ImportRequest{Type: "user_verification", File: kyc.FileBytes(fileName, "text/csv", []byte("name\n"+personName))}, opts...))
		}),
		add("Sessions.Import", safe, decoded, 0, fixture("didit/import-job-pending.json"), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.Import(ctx, session, opts...))
		}),
		add("Sessions.ImportErrors", safe, decoded, 0, inline(`{"row":"`+personName+`"}`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.ImportErrors(ctx, session, opts...))
		}),
		add("Sessions.ImportTemplate", safe, written, 0, bytesOf("text/csv", "first_name,last_name\n"), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.ImportTemplate(ctx, "user_verification", bin(), opts...))
		}),
		add("Sessions.ArmSandbox", safe, ignored, 0, nothing(), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return c.Sessions.ArmSandbox(ctx, session, tokenText, didit.SandboxArmRequest{Scenario: "approve"}, opts...)
		}),
		add("Sessions.SandboxScenarios", safe, decoded, 0, inline(`{"scenarios":["approve"]}`), func(ctx context.Context, c *didit.Client, opts ...kyc.Option) error {
			return only(c.Sessions.SandboxScenarios(ctx, opts...))
		}),
	}
	all = append(all, diditChecks(add)...)
	all = append(all, diditManagement(add)...)
	for _, op := range all {
		// An API key cannot be renewed either.
		op.traits |= ownToken
	}
	return all
}
