package kyc

// Vendor names an identity-verification vendor.
type Vendor string

// The vendors that this module supports.
const (
	Jumio    Vendor = "jumio"
	Transmit Vendor = "transmit"
	Didit    Vendor = "didit"
	Yoti     Vendor = "yoti"
)

// Known reports whether v is one of the constants.
func (v Vendor) Known() bool {
	switch v {
	case Jumio, Transmit, Didit, Yoti:
		return true
	default:
		return false
	}
}
