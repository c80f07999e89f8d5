package didit

import (
	"context"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const opWalletScreening = "checks.wallet_screening"

// FeatureWalletScreening names the check of a wallet. Sessions do not run it.
const FeatureWalletScreening FeatureName = "WALLET_SCREENING"

// WalletScreening rates the address of a crypto wallet. Without a provider in
// the application's settings it fails with [kyc.ErrConflict].
func (s *ChecksService) WalletScreening(ctx context.Context, req WalletScreeningRequest, opts ...kyc.Option) (*WalletScreeningResponse, error) {
	if req.WalletAddress == "" || req.Blockchain == "" {
		return nil, kyc.Invalid(kyc.Didit, opWalletScreening, "WalletAddress or Blockchain is empty")
	}
	return post[WalletScreeningResponse](ctx, s.c, opWalletScreening, "/v3/wallet-screening/", req, opts)
}

// Check shows the rating in this module's terms. A rating is no verdict: the
// decision is Unknown unless the caller's [kyc.WithOverrides] decides by the
// severity, for [FieldFeature] and [FeatureWalletScreening]. A screening that
// did not run, or a wallet under sanctions, is never approved.
func (r *WalletScreeningResponse) Check(opts ...kyc.Option) kyc.Check {
	out := standalone{feature: FeatureWalletScreening, kind: kyc.CheckWallet, status: string(r.Severity), at: "/severity"}.check(r.Settings(opts...))
	if out.Decision == kyc.Approved && (r.Status != WalletStatusScreened || r.SanctionsHit == nil || *r.SanctionsHit) {
		out.Decision = kyc.Unknown
	}
	if yes(r.SanctionsHit) {
		out.Reasons = append(out.Reasons, kyc.Reason{Code: "sanctions_hit"})
	}
	if r.DominantRiskCategory != "" {
		out.Reasons = append(out.Reasons, kyc.Reason{Code: r.DominantRiskCategory, Category: "dominant_risk_category"})
	}
	if r.RiskScore != nil {
		out.Score = &kyc.Score{Value: float64(*r.RiskScore)}
	}
	return out
}
