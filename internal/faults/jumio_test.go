package faults

import (
	"context"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	jumioAccount   = "572ac7b5-9f83-409d-ba8e-f0014e411c7e"
	jumioExecution = "41f71912-1c6b-4e2f-b340-d6dc10cd69b8"
	jumioHref      = "https://api.amer-1.jumio.ai/api/v1/accounts/" + jumioAccount + "/workflow-executions/" + jumioExecution + "/credentials/c/parts/DOCUMENT/2"
)

func jumioOperations() []*operation {
	ref := kyc.Ref{Vendor: kyc.Jumio, Account: jumioAccount, Session: jumioExecution}
	credential := jumio.Credential{Ref: ref, ID: "fdb1bc31-99a0-4671-8f2a-2bf7ca2faace", Category: jumio.CategoryID, Token: tokenText}
	paged := jumio.Credential{Ref: ref, ID: "c", Category: "DOCUMENT", Token: tokenText, Locations: map[string]jumio.PartLocation{
		"document": {Pages: map[string]string{"1": jumioHref[:len(jumioHref)-1] + "1", "2": jumioHref}},
	}}
	data := jumio.Credential{Ref: ref, ID: "c", Category: jumio.CategoryData, Token: tokenText}
	request := jumio.AccountRequest{
		CustomerInternalReference: personNumber, UserReference: personName, Workflow: jumio.Workflow{Key: jumio.WorkflowIDAndIdentity},
	}
	var account jumio.Account
	if err := kyc.Unmarshal(fixture("jumio/account-response-001.json").body(), &account); err != nil {
		panic(err)
	}
	add := func(name string, class class, output output, traits trait, good recorded,
		call func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error,
	) *operation {
		return &operation{
			vendor: kyc.Jumio, name: name, class: class, output: output, traits: traits, tokens: true, good: good,
			call: func(ctx context.Context, c any, opts ...kyc.Option) error {
				return call(ctx, c.(*jumio.Client), opts...)
			},
			client: func(opts ...kyc.Option) (any, error) {
				return jumio.NewClient(jumio.Config{ClientID: clientID, ClientSecret: clientSecret, Region: jumio.RegionAMER}, opts...)
			},
		}
	}
	status := func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
		return only(c.Workflows.Status(ctx, ref, opts...))
	}
	token := add("Token.Create", safe, decoded, identified, inline(newToken()), status)
	token.token, token.after = true, fixture("jumio/status-processed.json")
	health := add("Health.Get", safe, decoded, ownToken, fixture("jumio/health-up.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
		return only(c.Health.Get(ctx, opts...))
	})
	health.tokens = false
	raw := add("Do", never, decoded, emptyOK, inline(`{"name":"`+personName+`"}`), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
		var out map[string]any
		return c.Do(ctx, http.MethodPost, "/api/v1/unheard-of", request, &out, opts...)
	})
	raw.extra = true
	return []*operation{
		token, health, raw,
		add("Accounts.Create", ifNotProcessed, decoded, identified, fixture("jumio/account-response-001.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return only(c.Accounts.Create(ctx, request, opts...))
		}),
		add("Accounts.Update", ifNotProcessed, decoded, identified, fixture("jumio/account-response-001.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return only(c.Accounts.Update(ctx, jumioAccount, request, opts...))
		}),
		add("Accounts.Delete", safe, ignored, 0, nothing(), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return c.Accounts.Delete(ctx, jumioAccount, opts...)
		}),
		add("Credentials.Upload", ifNotProcessed, decoded, ownToken, fixture("jumio/upload-front.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return only(c.Credentials.Upload(ctx, credential, jumio.PartFront, photo(), opts...))
		}),
		add("Credentials.Replace", safe, decoded, ownToken, fixture("jumio/upload-front.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return only(c.Credentials.Replace(ctx, credential, jumio.PartFront, photo(), opts...))
		}),
		add("Credentials.UploadPage", ifNotProcessed, decoded, ownToken, fixture("jumio/upload-pages.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return only(c.Credentials.UploadPage(ctx, paged, jumio.PartDocument, "2", photo(), opts...))
		}),
		add("Credentials.UploadPreparedData", ifNotProcessed, decoded, ownToken, fixture("jumio/upload-prepared-data.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return only(c.Credentials.UploadPreparedData(ctx, data, jumio.PreparedData{FirstName: personName}, opts...))
		}),
		add("Credentials.Download", safe, written, 0, bytesOf("image/jpeg", "the bytes of "+personName), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return only(c.Credentials.Download(ctx, jumioAccount, "c", jumio.PartFront, bin(), opts...))
		}),
		add("Workflows.Finalize", safe, decoded, ownToken, fixture("jumio/finalize.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return only(c.Workflows.Finalize(ctx, &account, opts...))
		}),
		add("Workflows.Status", safe, decoded, 0, fixture("jumio/status-processed.json"), status),
		add("Workflows.Details", safe, decoded, 0, fixture("jumio/details-idiv-001.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			var details jumio.Details
			if err := kyc.Unmarshal(fixture("jumio/details-idiv-001.json").body(), &details); err != nil {
				return err
			}
			return only(c.Workflows.Details(ctx, details.Ref(), opts...))
		}),
		add("Workflows.Steps", safe, decoded, 0, fixture("jumio/steps-idiv.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return only(c.Workflows.Steps(ctx, ref, opts...))
		}),
		add("Workflows.Rules", safe, decoded, 0, fixture("jumio/rules.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return only(c.Workflows.Rules(ctx, ref, opts...))
		}),
		add("Workflows.Report", safe, decoded, 0, fixture("jumio/report.json"), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return only(c.Workflows.Report(ctx, ref, opts...))
		}),
		add("Workflows.Delete", safe, ignored, 0, nothing(), func(ctx context.Context, c *jumio.Client, opts ...kyc.Option) error {
			return c.Workflows.Delete(ctx, ref, opts...)
		}),
	}
}
