"""The addresses of trade; they continue those of a record. The kernel's addresses bring the kind converter."""

from django.urls import path

from commerce import views

urlpatterns = [
    path("<kind:kind>/<int:relationship_id>/orders/", views.order_list, name="order_list"),
    path("<kind:kind>/<int:relationship_id>/orders/<int:order_id>/", views.order_detail, name="order_detail"),
    path("<kind:kind>/<int:relationship_id>/payments/", views.payment_list, name="payment_list"),
]
